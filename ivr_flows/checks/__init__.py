"""The checks of a flow, a file for each kind of mistake. Each adds its faults to the draft."""
