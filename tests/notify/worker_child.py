"""The town's real worker on the test database, for tests that kill it."""

import asyncio
import os


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "allmende.config.settings_test"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["TEST_DB_NAME"]
    settings.EMAIL_BACKEND = "allmende.config.mail.Backend"
    django.setup()
    from allmende.spine.jobs import worker_main

    asyncio.run(worker_main(concurrency=1))


if __name__ == "__main__":
    main()
