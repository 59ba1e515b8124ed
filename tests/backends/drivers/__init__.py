"""Programs that tests run in their own process or in others. Not collected by pytest."""
