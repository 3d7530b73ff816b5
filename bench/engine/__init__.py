"""What one line of the engine costs, as the pool grows. It decides nothing and promises nothing."""
