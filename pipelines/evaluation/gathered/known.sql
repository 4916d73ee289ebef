-- Whom staff has helped already and watches still: nobody has to find that family again

select household_no from cases where state = 'verified' and household_no is not null
