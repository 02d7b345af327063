"""What the product must withstand, each proof with a control that shows it failing when the guard is off."""
