"""Benefits that a state register knows: it is asked with consent or by duty, and its answer kept."""
