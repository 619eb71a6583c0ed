"""A whole programme: bundles, overlays, names, rules, and what is wrong in them."""
