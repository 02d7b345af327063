"""The clock's front door: one table of sweeps, one runner; a row claim inside each sweep decides who acts."""
