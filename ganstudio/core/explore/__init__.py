"""What a picture of the explore workspace is made of, and what is asked of and told by the explore session."""
