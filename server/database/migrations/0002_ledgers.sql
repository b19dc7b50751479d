-- Ledgers only grow: emptying one at a stroke is refused as well.

CREATE TRIGGER mark_is_never_emptied BEFORE TRUNCATE ON mark EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_is_never_emptied BEFORE TRUNCATE ON decision EXECUTE FUNCTION refuse_change();
CREATE TRIGGER skill_record_is_never_emptied BEFORE TRUNCATE ON skill_record EXECUTE FUNCTION refuse_change();
