#!/bin/sh
# Make the checkout importable in the environment $1 and give it the `allmende` command: what an editable
# install does, without needing a build backend at run time.
set -eu
bin=$1
site=$("$bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n' "$(pwd)/src" > "$site/allmende-checkout.pth"
cat > "$bin/allmende" <<EOF
#!$(pwd)/$bin/python
import sys
from allmende.spine.cli.main import main
sys.exit(main())
EOF
chmod 755 "$bin/allmende"
"$bin/python" tools/messages.py compile
