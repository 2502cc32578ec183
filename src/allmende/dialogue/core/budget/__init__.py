"""Participatory budgets: reading Pabulib files, counting by exact rules, explaining the outcome."""
