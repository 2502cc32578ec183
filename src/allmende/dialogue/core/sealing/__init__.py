"""The secret vote: ballots sealed to an election key that nobody holds alone, opened in random order, recountable.

`keys` makes the key and joins it again, `parts` are what the board writes down and types, `envelopes` seals, `receipts`
are codes for the voters, `closing` opens, `publishing` writes the public file, `recount` reads it (alone, with nothing
but Python: it is given to whoever wants to check).

What it gives
- While the vote is open, what is stored is an envelope that only `needed` members of the board together can open. All
  have the same length. Replacing one leaves no trace in it; a voter's last one counts.
- After the close, ballots stand in random order under random ids. Once fewer than `needed` parts of the key exist,
  envelopes in old backups cannot be opened any more, as long as X25519 holds (it does not against a quantum computer).
- Counted as recorded: anybody recounts the public file. Recorded as sent: with the code a voter finds that an envelope
  of theirs was opened, and that there is a ballot for each receipt.
- A receipt proves to nobody how somebody voted: receipts stand in a list of their own, sorted by value, not beside
  the ballots (compare Benaloh, Tuinstra 1994: Receipt-free secret-ballot elections, STOC '94). Who replaces an
  envelope may keep the code, so that somebody who was given it cannot tell. The code proves that somebody took part.

What it does not give
- Who runs the server while the vote is open sees each ballot before it is sealed, may seal another one, may give two
  voters the same code and put in a ballot of their own (clash attack: Küsters, Truderung, Vogt 2012, IEEE S&P), or
  add voters. Receipts do not show that what was sealed is what was chosen. Codes that stand in the public file twice
  are reported, the envelope of another voter handed in again is not counted.
- `needed` dishonest members of the board with a copy of the envelopes learn who voted how; they can do it until their
  parts are destroyed, and nobody can see whether a part was copied.
- Somebody who stands beside the voter at the last minute, or takes over the account, decides; voting again later or at
  the table is the only help. Who buys votes may ask for a rare combination of projects and look for it in the file.
- If all voters agree, or few vote, the outcome itself says how they voted.
- Python cannot promise to wipe memory; `PrivateKey.destroy` overwrites what it can reach. Computing with parts does
  not take the same time for all values; it is done on one machine by the board, not for strangers.

It is made for votes that advise a town. For elections bound by law it is not offered.
"""
