"""Instruments and figures. A leaf: it never imports the router."""
