"""Jobs that cost money: planned, recorded, sent once, and found again."""
