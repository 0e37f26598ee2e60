namespace BoxOffice.Grains.Tests.Grain;

/// <summary>The outcome of one append.</summary>
internal enum AppendFault
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>Nothing is written, and the owner is answered so.</summary>
    NotApplied,

    /// <summary>Nothing is written, and the owner cannot know.</summary>
    UnknownAndLost,

    /// <summary>All is written, and the owner cannot know: the commit's reply was lost.</summary>
    UnknownButCommitted,

    /// <summary>The driver throws an unexpected exception.</summary>
    Throws,
}
