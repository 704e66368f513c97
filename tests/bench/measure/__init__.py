"""What every part of the bench uses: stack, processes, lines of the table."""
