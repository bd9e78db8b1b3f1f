"""What a training costs and what it gave: plans, plots, the full size tried."""
