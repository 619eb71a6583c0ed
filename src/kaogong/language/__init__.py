"""What may be written: places, findings, documents, expressions, and their exact value."""
