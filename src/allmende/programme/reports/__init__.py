"""What is told about the programme on paper: the frozen annual report, papers for the council, experience reports."""
