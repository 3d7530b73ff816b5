"""What is known of citizens, encrypted. A leaf: it never imports the router."""
