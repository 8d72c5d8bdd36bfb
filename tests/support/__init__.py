"""What several test folders share: tiny runs, recorders of reports, engine children."""
