"""What a flow costs in process: sessions a second, and microseconds a step. `python -m bench.flows`."""
