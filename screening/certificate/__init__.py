"""From the record of a decision to the document an officer signs for (审查意见书).

    page           what the document says: record → texts (core); its parts are
                   subject, things, findings, themes, statements
    form           the mark of words, layout and program it is printed with (shell)
    drawing        the land and what lies on it, as a drawing to scale (core)
    typesetting    texts and drawing → PDF/A (shell)
    signature      PDF → the same PDF with an electronic signature (shell)

Printing never evaluates again. The unsigned document follows from the record and from
versions of the register that never change, byte for byte, as long as the program and
its fonts are the same.
"""
