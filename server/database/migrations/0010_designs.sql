-- Kinds of certificates may have a design of their own, and a certificate keeps the design that it was issued in.

ALTER TABLE competition ADD COLUMN designs jsonb NOT NULL DEFAULT '{}';
ALTER TABLE certificate ADD COLUMN design text NOT NULL DEFAULT 'classical';
UPDATE certificate SET design = competition.design
  FROM snapshot JOIN event ON event.id = snapshot.event JOIN competition ON competition.id = event.competition
 WHERE snapshot.id = certificate.snapshot;
