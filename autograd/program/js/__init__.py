"""Programs as ES modules of JavaScript."""
