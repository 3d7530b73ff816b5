"""Drawn centres on which the policy's weights are chosen and, on others, judged: `python -m bench.policy`."""
