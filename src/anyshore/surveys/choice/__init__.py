"""What people choose: conditional logit, conjoint, MaxDiff, willingness to pay, simulation, designs."""
