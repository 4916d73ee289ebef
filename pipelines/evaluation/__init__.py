"""The lists of many nights held against what truly happened: precision, recall, delay, visits; baselines beside."""
