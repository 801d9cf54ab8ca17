"""What a special application rests on: conclusions of the PMPK, its check, opinions of colleagues, the other line."""
