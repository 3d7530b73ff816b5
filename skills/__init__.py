"""Skills, levels and needs: who can serve what, and how well. Pure: no I/O, no clock, no chance."""
