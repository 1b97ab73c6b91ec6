-- One row per account of which an attribute satisfies a search.
-- Bindings: ACCOUNT_FOUND(), a test on an account.
select accounts.account_id
from accounts
where ACCOUNT_FOUND()
