"""From the rules of a ladder to a plan."""
