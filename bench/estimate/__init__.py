"""How good wait estimates are: their error and the coverage of their intervals, under a virtual clock."""
