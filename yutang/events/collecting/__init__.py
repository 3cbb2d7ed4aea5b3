"""Taking events in from outside: reading what came, knowing who it was, writing it down once."""
