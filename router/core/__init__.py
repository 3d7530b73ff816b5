"""The routing core: `step(state, event, at)`. Pure: no I/O, no clock, no chance, no logging."""
