"""The configuration tree: settings, loader, defaults. A leaf: it never imports the router."""
