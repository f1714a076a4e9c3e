"""Django's settings, the table of addresses, the door for servers. Wires doors to addresses; decides nothing."""
