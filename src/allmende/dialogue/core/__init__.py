"""Computing without Django and without a database: counting budgets, mapping opinions."""
