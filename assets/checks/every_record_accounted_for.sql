-- In = accepted + rejected + superseded + duplicate + blank + held + refused, for every delivery ever received
-- feeds, error
select count(*) as deliveries
from deliveries
where records <> accepted + rejected + superseded + duplicate + blank + held + refused
