namespace BoxOffice.Grains;

/// <summary>The program cannot start as it is configured. The message is one line for the operator.</summary>
public sealed class StartupException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public StartupException(string message) : base(message) { }

    /// <summary>Says what is wrong and what to do, and what caused it.</summary>
    public StartupException(string message, Exception inner) : base(message, inner) { }
}
