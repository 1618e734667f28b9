-- SPDX-License-Identifier: Apache-2.0
-- id: northern-spelling
-- meaning: Korean notes are in northern spelling (되였다, 련결, 리용, 비률, 로동, 녀자)
-- unit: objects
-- group: spelling
-- kind: language
-- needs: examine
-- at_least: 3
-- missing: neutral, because most lines hold no word that differs, and OCR loses many; joined bound nouns (할것) are left out, since careless
--   writers join them everywhere
-- likelihood.controlled-hands: 0.80..0.95 because it is their norm
-- likelihood.border-studio: 0.60..0.90 because theirs is close to it: it does not tell the two apart
-- likelihood.korean-studio: 0.01..0.03 because nobody writes so in the South, but in jest
-- likelihood.other-hands: 0.20..0.50 because few others write so, but some do
-- likelihood.staged-hands: 0.40..0.70 because somebody who knows the norm can imitate it
WITH initial(word) AS (VALUES (' 련결'), (' 련속'), (' 련필'), (' 리용'), (' 리유'), (' 비률'), (' 로동'),
	(' 로인'), (' 녀자'), (' 래일'), (' 류의'), (' 립체'), (' 륜곽'), (' 락엽'), (' 량눈'), (' 콤퓨터'), (' 쎈터')),
	anywhere(word) AS (VALUES ('되였'), ('키비률'), ('프로그람'))
SELECT f.id, coalesce(f.object, f.id), f.value
FROM now_finding f
WHERE f.kind IN ('text.line', 'ocr.line')
	AND (EXISTS (SELECT 1 FROM initial w WHERE instr(' ' || f.value, w.word) > 0)
		OR EXISTS (SELECT 1 FROM anywhere w WHERE instr(f.value, w.word) > 0))
ORDER BY f.id
