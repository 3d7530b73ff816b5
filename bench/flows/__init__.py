"""What a flow costs in process, and how long a key waits for its prompt. `python -m bench.flows`."""
