"""What keeps a town running: embedded PostgreSQL, the processes, their health, backups. Imports no Django."""
