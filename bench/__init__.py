"""Measurements that hold on any machine: counts, and ratios against a floor taken in the same run."""
