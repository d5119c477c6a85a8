"""What measure keeps of each opening, rescue, enquiry and dispute, folded from the facts of all rooms."""
