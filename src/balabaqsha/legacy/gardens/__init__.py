"""Lists of kindergartens and their groups: read, checked row by row, entered once they are confirmed."""
