"""The flow language for what citizens hear and read. A leaf: it never imports the router."""
