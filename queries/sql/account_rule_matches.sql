-- One row per account: for each rule on its attributes whether they satisfy it.
-- Groups: rules, with TEST() on accounts.
select
    accounts.account_id,
    EACH(rules, coalesce(TEST(), false))
from accounts
