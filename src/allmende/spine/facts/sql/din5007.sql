-- Sort key after DIN 5007-1 (dictionary): umlauts as their base letter, ß as ss, accents and case ignored.
-- Written with explicit letters, so that it is right under the C locale too; compare its result with COLLATE "C".
CREATE FUNCTION din5007(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT lower(translate(
        replace(replace(replace(replace(replace(replace(value, 'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe'),
        'ÄÖÜäöüÀÁÂÃÅĀĂĄàáâãåāăąÇĆČçćčĎďÈÉÊËĒĖĘĚèéêëēėęěĞğÌÍÎÏĪİìíîïīıŁłÑŃŇñńňÒÓÔÕØŌŐòóôõøōőŘřŚŞŠśşšŤťÙÚÛŪŮŰùúûūůűÝŸýÿŹŻŽźżž',
        'AOUaouAAAAAAAAaaaaaaaaCCCcccDdEEEEEEEEeeeeeeeeGgIIIIIIiiiiiiLlNNNnnnOOOOOOOoooooooRrSSSsssTtUUUUUUuuuuuuYYyyZZZzzz'
    )) COLLATE "C"
$$;
