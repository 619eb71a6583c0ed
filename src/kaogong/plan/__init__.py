"""From typed rules to SQL trees that any engine can be given; no engine, no file, no clock."""
