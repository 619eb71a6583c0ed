"""Runs of a plan: data in, the steps in an engine, results and a manifest out."""
