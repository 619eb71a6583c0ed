"""Results on paper: workbooks with live formulas."""
